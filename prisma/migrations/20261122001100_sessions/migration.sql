-- A person's sign-in in one browser. The cookie only names it, so that ending it here ends every copy of the cookie.
create table user_session (
  id text primary key,
  user_id text not null references app_user (id),
  signed_in_at timestamptz(6),
  created_at timestamptz(6) not null default now(),
  expires_at timestamptz(6) not null,
  ended_at timestamptz(6)
);
create index user_session_user_id_idx on user_session (user_id);
create index user_session_expires_at_idx on user_session (expires_at);

create trigger only_columns before update on user_session for each row execute function ambit_only_columns('{ended_at}', '{ended_at}');
create constraint trigger audited after insert or update on user_session deferrable initially deferred
  for each row execute function ambit_require_event('user_id');
-- What has run out is only a working row; before, a session ends with an event.
create trigger kept before delete on user_session for each row when (old.expires_at > now()) execute function ambit_refuse_change();
create trigger no_truncate before truncate on user_session for each statement execute function ambit_refuse_change();
grant select, insert, update, delete on user_session to ambit_app;
