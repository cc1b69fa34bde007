-- Which files have been imported into a coverage, and what is being done about others. Times are milliseconds since
-- 1970-01-01T00:00:00Z. Keys are SHA-256 digests of the paths, which may be too long for an index.

-- Written in the transaction that publishes the cells. A row says that the cells of a file are in the coverage from version
-- since to the one before until_version. The current version holds those whose until_version is null. A rollback ends
-- rows, and begins new ones for what the version that it goes back to held.
create table coverage_file (
  coverage_id   bigint not null references coverage (id) on delete cascade,
  file_key      varchar(64) not null,
  path          varchar(8000) not null,
  -- of the file when it was imported, -1 if it was none of the importer's machine
  bytes         bigint not null,
  modified      bigint not null,
  checksum      varchar(64) not null,
  importer      varchar(255) not null,
  changed       bigint not null,
  since         bigint not null,
  until_version bigint,
  primary key (coverage_id, file_key, since)
);

-- Files that an importer has claimed (STAGED) until its lease ends, and files that failed. By the name of the coverage, which
-- the first file of an import has yet to make.
create table coverage_file_work (
  coverage varchar(255) not null,
  file_key varchar(64) not null,
  path     varchar(8000) not null,
  bytes    bigint not null,
  modified bigint not null,
  checksum varchar(64) not null,
  state    varchar(10) not null check (state in ('STAGED', 'FAILED')),
  reason   varchar(4000) not null,
  importer varchar(255) not null,
  lease    bigint not null,
  changed  bigint not null,
  -- set for a moment: the version that the file is committed with
  version  bigint,
  primary key (coverage, file_key)
);
