-- Orders of lists, each with the id that makes it total; what counts need is in the index, so that they read no rows.
drop index "scope_grant_principal_id_connector_id_idx";
create index scope_grant_connector_principal on scope_grant (connector_id, principal_id) include (status);
drop index scope_grant_connector_created;
create index scope_grant_connector_created on scope_grant (connector_id, created_at, id) include (principal_id, status, expires_at);
create index scope_grant_principal_created on scope_grant (principal_id, created_at, id) include (connector_id, status, expires_at);
create index scope_grant_connector_expires on scope_grant (connector_id, expires_at, id) include (principal_id, status);
drop index scope_grant_active;
create index scope_grant_principal_expires on scope_grant (principal_id, expires_at, id) include (connector_id, status);
create index scope_grant_expires on scope_grant (expires_at, id);
drop index "scope_grant_status_expires_at_idx";
create index scope_grant_status_expires on scope_grant (status, expires_at, id);
create index scope_grant_status_created on scope_grant (status, created_at, id);
create index connector_sorted on connector ((lower(name) collate "C"), id);
create index agent_sorted on agent ((lower(name) collate "C"), id);
-- Everything that a grant was used or asked for; calls that went through are counted without their rows.
drop index audit_event_grant;
create index audit_event_grant on audit_event (grant_id, time) include (type) where grant_id is not null;
-- Calls per day, without their rows.
drop index "audit_event_type_seq_idx";
create index audit_event_type_seq on audit_event (type, seq) include (time);
drop index "audit_event_connector_id_seq_idx";
create index audit_event_connector_seq on audit_event (connector_id, seq) include (type, time, agent_id);
drop index "audit_event_agent_id_seq_idx";
create index audit_event_agent_seq on audit_event (agent_id, seq) include (type, time);
