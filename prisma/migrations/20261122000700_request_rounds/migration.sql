-- What each round of a request asked for, kept as it was: reviewers see what changed since the round before. Insert-only.
create table request_round (
  request_id text not null references request (id),
  round int not null,
  form jsonb not null,
  tier text not null,
  classification text not null,
  created_at timestamptz(6) not null default now(),
  primary key (request_id, round)
);
create trigger insert_only before update or delete on request_round for each row execute function ambit_refuse_change();
create trigger no_truncate before truncate on request_round for each statement execute function ambit_refuse_change();
create constraint trigger audited after insert on request_round deferrable initially deferred
  for each row execute function ambit_require_event('request_id');
grant select, insert on request_round to ambit_app;
