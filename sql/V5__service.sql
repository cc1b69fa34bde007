-- What administrators have said of the service itself: title, provider, how to reach them.
create table service_info (
  name  varchar(50) primary key,
  said  varchar(4000) not null
);

-- Where the INSPIRE metadata of a coverage are.
alter table coverage add column inspire_url varchar(2000);
