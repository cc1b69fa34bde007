-- The catalogue: one row a coverage, with its axes and fields. Runs on H2 and PostgreSQL alike.
-- A coverage's cells are those of the array version that its row names; an update has happened when that row commits.

create sequence coverage_id increment by 1;

create table coverage (
  id            bigint primary key,
  name          varchar(255) not null unique,
  -- grows by one with every change of the row; writers give the revision that they read (optimistic locking)
  revision      bigint not null,
  crs           varchar(2000) not null,
  metadata      text not null,
  native_format varchar(255) not null,
  array_version varchar(255) not null
);

create table coverage_axis (
  coverage_id  bigint not null references coverage (id) on delete cascade,
  -- dimension of the stored array, from 0
  position     integer not null,
  -- place among the axes of the CRS, and in the logical grid order, both from 0
  crs_position integer not null,
  grid_rank    integer not null,
  kind         varchar(10) not null check (kind in ('INDEX', 'REGULAR', 'IRREGULAR')),
  label        varchar(255) not null,
  uom          varchar(255) not null,
  crs          varchar(1000) not null,
  -- grid indices, both inclusive
  low          bigint not null,
  high         bigint not null,
  -- of regular axes, as exact decimal text: coordinate of the point at index low, distance to the next
  origin       varchar(100),
  resolution   varchar(100),
  -- of irregular axes: the coordinates, separated by blanks
  coordinates  text,
  primary key (coverage_id, position),
  unique (coverage_id, label)
);

create table coverage_field (
  coverage_id bigint not null references coverage (id) on delete cascade,
  position    integer not null,
  name        varchar(255) not null,
  cell_type   varchar(20) not null,
  label       text not null,
  description text not null,
  definition  text not null,
  uom         varchar(255) not null,
  -- null values, one a line: value or interval, tab, reason
  nils        text not null,
  primary key (coverage_id, position),
  unique (coverage_id, name)
);

-- Coverages of lower resolution that may stand in for another; each is a coverage of its own.
create table coverage_pyramid (
  base_id   bigint not null references coverage (id) on delete cascade,
  member_id bigint not null references coverage (id) on delete cascade,
  primary key (base_id, member_id)
);
