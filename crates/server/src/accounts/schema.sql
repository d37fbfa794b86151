-- Who may see the batch and who may change it. Times are UTC in ISO 8601. Secrets stand here as digests alone.

-- People.
CREATE TABLE accounts (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    role TEXT NOT NULL,                 -- reader, reviewer or admin
    password TEXT NOT NULL,             -- argon2id, as a PHC string
    made TEXT NOT NULL
);

-- People who are logged in, one row a browser.
CREATE TABLE sessions (
    secret BLOB PRIMARY KEY,            -- SHA-256 of what the cookie holds
    account INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    expires TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_by_account ON sessions (account);

-- Programs.
CREATE TABLE tokens (
    secret BLOB PRIMARY KEY,            -- SHA-256 of the token
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    role TEXT NOT NULL,
    made TEXT NOT NULL,
    expires TEXT NOT NULL
) WITHOUT ROWID;
