-- Versions of a coverage. The row in coverage is the current version; former ones are kept here for the time that the setting
-- tessera.versions.keep says, named ones until they are removed. Times are milliseconds since 1970-01-01T00:00:00Z.

alter table coverage add column version bigint default 1 not null;
-- set by an administrator; unique among all versions of the coverage
alter table coverage add column version_name varchar(255);
-- since when it is the current version, by what kind of change, by whom
alter table coverage add column made bigint default 0 not null;
alter table coverage add column cause varchar(255) default '' not null;
alter table coverage add column made_by varchar(255) default '' not null;
update coverage set made = cast(extract(epoch from current_timestamp) as bigint) * 1000;

create sequence coverage_state_id increment by 1;
create sequence coverage_version_id increment by 1;

-- What a coverage was like apart from its cells: axes, fields, metadata. Versions that differ in cells only share one.
create table coverage_state (
  id          bigint primary key,
  coverage_id bigint not null references coverage (id) on delete cascade,
  digest      varchar(64) not null,
  description text not null,
  unique (coverage_id, digest)
);

create table coverage_version (
  id            bigint primary key,
  coverage_id   bigint not null references coverage (id) on delete cascade,
  version       bigint not null,
  version_name  varchar(255),
  state_id      bigint not null references coverage_state (id) on delete cascade,
  array_version varchar(255) not null,
  made          bigint not null,
  -- when the next version took its place
  replaced      bigint not null,
  cause         varchar(255) not null,
  made_by       varchar(255) not null,
  unique (coverage_id, version)
);
