-- A virtual coverage has no cells of its own: its array_version is empty, and the coverages whose cells it shows stand here, later ones
-- over earlier ones. They cannot be deleted before it.

create table virtual_source (
  virtual_id bigint not null references coverage (id) on delete cascade,
  position   integer not null,
  source_id  bigint not null references coverage (id),
  primary key (virtual_id, position)
);
create index virtual_source_of on virtual_source (source_id);
