-- Times are UTC in ISO 8601, days ISO. What stands in documents, texts, passages, tasks, days and units can be made
-- again from the ledger, the records and the events; what stands in sources, events and audit cannot.

-- Every file that was ever seen, so that its number stays whatever becomes of the ledger.
CREATE TABLE sources (
    id INTEGER PRIMARY KEY,
    place BLOB NOT NULL UNIQUE          -- absolute path, as the bytes of the file system
);

-- What people did, oldest first. Rows are never changed.
CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL REFERENCES sources (id),
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    action TEXT NOT NULL                -- JSON
);
CREATE INDEX events_by_document ON events (document, id);

-- An input of the last run of the batch.
CREATE TABLE documents (
    id INTEGER PRIMARY KEY REFERENCES sources (id),
    shown TEXT NOT NULL,
    output TEXT,
    position INTEGER NOT NULL,
    status TEXT NOT NULL,
    cause TEXT,
    message TEXT,
    state TEXT NOT NULL,                -- as the ledger told it when the row was made
    base TEXT NOT NULL DEFAULT '',      -- digest of the record's file
    symbol TEXT,
    kind TEXT,
    issuer TEXT,
    issuer_folded TEXT,
    date TEXT,
    subject TEXT,
    pages INTEGER NOT NULL DEFAULT 0,
    words INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0, -- words that were repaired and are not in doubt
    doubtful INTEGER NOT NULL DEFAULT 0,
    digits INTEGER NOT NULL DEFAULT 0,  -- words of which a digit was changed
    confidence REAL NOT NULL DEFAULT 0, -- mean of the words, 0 to 1
    tasks INTEGER NOT NULL DEFAULT 0,
    due TEXT,                           -- the first day on which something is due
    eyes INTEGER NOT NULL DEFAULT 0,    -- how much it needs to be looked at
    reviewed TEXT,                      -- who looked it through
    corrections INTEGER NOT NULL DEFAULT 0,
    lost INTEGER NOT NULL DEFAULT 0     -- events that do not fit the record any more
);
CREATE INDEX documents_by_eyes ON documents (eyes DESC, id);
CREATE INDEX documents_by_status_eyes ON documents (status, eyes DESC, id);
CREATE INDEX documents_by_kind_eyes ON documents (kind, eyes DESC, id);
CREATE INDEX documents_by_date ON documents (ifnull(date, '') DESC, id);
CREATE INDEX documents_by_due ON documents (ifnull(due, '9999'), id);
CREATE INDEX documents_by_position ON documents (position, id);
CREATE INDEX documents_by_issuer ON documents (issuer_folded, eyes DESC, id);
CREATE INDEX documents_lost ON documents (lost) WHERE lost > 0;

-- The corrected text, for the words around what was found.
CREATE TABLE texts (document INTEGER PRIMARY KEY, text TEXT NOT NULL);

-- The same without marks, to be searched.
CREATE VIRTUAL TABLE passages USING fts5 (
    title, body, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0'
);

CREATE TABLE tasks (
    document INTEGER NOT NULL,
    number INTEGER NOT NULL,            -- from 1, in the order of the text
    id TEXT NOT NULL,
    text TEXT NOT NULL,
    page INTEGER,
    due TEXT,                           -- the first day on which it is due
    deadline TEXT NOT NULL,             -- in words
    verdict TEXT,                       -- accepted, or none yet
    PRIMARY KEY (document, number)
) WITHOUT ROWID;
CREATE INDEX tasks_by_due ON tasks (due, document) WHERE due IS NOT NULL;

-- All days on which tasks are due.
CREATE TABLE days (
    document INTEGER NOT NULL,
    number INTEGER NOT NULL,            -- of the task
    day TEXT NOT NULL
);
CREATE INDEX days_by_day ON days (day, document, number);
CREATE INDEX days_by_document ON days (document);

CREATE TABLE units (
    document INTEGER NOT NULL,
    number INTEGER NOT NULL,            -- of the task
    unit TEXT NOT NULL,                 -- id
    name TEXT NOT NULL,
    role TEXT NOT NULL
);
CREATE INDEX units_by_document ON units (document);
CREATE INDEX units_by_unit ON units (unit, role, document, number);

-- Who came, what was done, and what was refused. Rows are never changed.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    document INTEGER,
    outcome TEXT NOT NULL,
    client TEXT NOT NULL DEFAULT '',    -- address of the machine
    detail TEXT NOT NULL DEFAULT ''
);

-- Files that were uploaded. They lie in the folder `uploads` under their digests.
CREATE TABLE uploads (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256 TEXT NOT NULL UNIQUE,
    extension TEXT NOT NULL,
    name TEXT NOT NULL UNIQUE,          -- as it was given, fit to be shown
    bytes INTEGER NOT NULL,
    who TEXT NOT NULL,
    at TEXT NOT NULL,
    state TEXT NOT NULL,                -- waiting, reading, done or failed
    done INTEGER NOT NULL DEFAULT 0,    -- documents that were read; an archive holds several
    failed INTEGER NOT NULL DEFAULT 0,
    message TEXT NOT NULL DEFAULT ''    -- why, of the last that failed
);
