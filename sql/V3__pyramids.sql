-- A member of a pyramid that the server computed from its base follows the base's updates: how it was computed (near, average, ...),
-- and how many cells of the base became one, for each axis of the base's array, separated by blanks. Both are null for coverages
-- that were made a member by hand: they hold cells of their own.

alter table coverage_pyramid add column resampling varchar(20);
alter table coverage_pyramid add column factors varchar(1000);
