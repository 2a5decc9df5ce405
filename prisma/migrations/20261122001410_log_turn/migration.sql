-- Sequencers take turns by the lock of a row that only their role may take; an advisory lock could be held by any role, and keep events
-- out of the log.
create table log_turn (id int primary key check (id = 1));
insert into log_turn values (1);
grant select, update on log_turn to ambit_log;
