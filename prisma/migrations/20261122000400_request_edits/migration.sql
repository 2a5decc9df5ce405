-- The edited form of a request whose changes were asked for, until it is submitted again: like a draft, ungoverned.
create table request_edit (
  request_id text primary key references request (id),
  form jsonb not null,
  row_version int not null default 1,
  updated_at timestamptz(6) not null default now()
);
grant select, insert, update, delete on request_edit to ambit_app;

-- Timelines of governed rows; calls have their own indexes and stay out.
create index audit_event_subjects on audit_event using gin (subjects) where call_id is null;
create index request_version on request (version_id);
