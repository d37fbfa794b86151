-- What fifty reviewers ask for: lists, searches, records, each another one.
local words = { "cai cach", "ke hoach", "bao cao", "thu vien", "ho so", "phong chong", "thi dua", "kinh phi", "nam 2026", "uy ban" }
local orders = { "eyes", "date", "due", "batch" }
local count = tonumber(os.getenv("RECORDS") or "1000")
local what = os.getenv("WHAT") or "list"

function init(args)
  math.randomseed(os.time() + tonumber(tostring({}):sub(8), 16) % 100000)
end

function request()
  local path
  if what == "list" then
    path = "/documents?order=" .. orders[math.random(#orders)] .. "&from=" .. math.random(2000, 2020) .. "-01-01"
  elseif what == "search" then
    path = "/documents?q=" .. words[math.random(#words)]:gsub(" ", "+")
    if math.random(2) == 1 then path = "/documents?q=" .. math.random(0, count - 1) .. "/qd-abc" end
  else
    path = "/api/v1/documents/" .. math.random(1, count) .. "/record"
  end
  return wrk.format("GET", path)
end

function done(summary, latency, requests)
  io.write(string.format("%s: %d requests, p50 %.1f ms, p99 %.1f ms, %d errors\n", what, summary.requests,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
