-- Coordinates of long irregular axes, some thousands a row, so that an append writes a short row. A row is never changed;
-- versions of a coverage share rows. What no version needs any more is removed by the clean-up.

-- The first value is the last one of the first fifty, as EclipseLink takes it.
create sequence coverage_coordinates_id start with 50 increment by 50;

create table coverage_coordinates (
  id          bigint primary key,
  coverage_id bigint not null references coverage (id) on delete cascade,
  -- base64 of a chunk as the model encodes it
  content     text not null
);

-- ids of rows above, separated by blanks: their coordinates come before those in the column coordinates
alter table coverage_axis add column chunks text;
-- ids of all rows above that the description refers to
alter table coverage_state add column chunks text;
