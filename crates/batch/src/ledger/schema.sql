-- One row an input, whatever run it came in. Times are UTC in ISO 8601; sizes are bytes.
CREATE TABLE inputs (
    id INTEGER PRIMARY KEY,
    place BLOB NOT NULL UNIQUE,   -- absolute path, as the bytes of the file system; address in a store
    shown TEXT NOT NULL,          -- beginning with the path that was given, for people
    name TEXT NOT NULL,           -- inside the folder that was given
    output TEXT UNIQUE,           -- the record's path inside the output folder
    run INTEGER NOT NULL,         -- the last run that was asked for it
    position INTEGER NOT NULL,    -- its place in the order of that run
    status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'done', 'failed', 'skipped')),
    cause TEXT,                   -- of failed inputs: the stable code
    message TEXT,                 -- of failed and skipped inputs: one line
    attempts INTEGER NOT NULL DEFAULT 0,
    size INTEGER,
    modified INTEGER,             -- nanoseconds since 1970; in a store, digits of a digest of its ETag
    sha256 TEXT,
    settings INTEGER REFERENCES settings (id),
    allowances INTEGER REFERENCES settings (id), -- of failed inputs: what reading it was allowed
    pages INTEGER,
    millis INTEGER                -- how long the last attempt took
);
CREATE INDEX inputs_by_turn ON inputs (run, status, attempts, position);
CREATE INDEX inputs_by_order ON inputs (run, position);
CREATE INDEX inputs_by_content ON inputs (sha256) WHERE sha256 IS NOT NULL;

-- What decides the bytes of a record besides those of the input (versions of program and models, options), and what
-- reading an input is allowed (limits, passwords), each as text.
CREATE TABLE settings (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);

-- The attempts that ended without a record.
CREATE TABLE attempts (
    input INTEGER NOT NULL REFERENCES inputs (id),
    number INTEGER NOT NULL,
    began TEXT NOT NULL,
    millis INTEGER NOT NULL,
    cause TEXT NOT NULL,
    message TEXT NOT NULL,
    log TEXT NOT NULL             -- the last of what the reading process said
);
CREATE INDEX attempts_by_input ON attempts (input);

-- A line a call of the program.
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    began TEXT NOT NULL,
    ended TEXT,
    settings INTEGER NOT NULL REFERENCES settings (id)
);
