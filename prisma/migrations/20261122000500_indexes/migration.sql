-- Indexes for lists, counts and searches at 100,000 tools and 1,000,000 grants (tests/bench/inventory.ts).
-- Which grants an agent has, how many of them are active, and when they were made.
drop index "scope_grant_connector_id_idx";
create index scope_grant_connector_created on scope_grant (connector_id, created_at, id);
create index scope_grant_active on scope_grant (principal_id, expires_at) where status = 'active';
create index scope_grant_request on scope_grant (request_id);
-- How often a grant was used.
create index audit_event_grant on audit_event (grant_id, time) where type = 'call.intent';
-- Lists of tools by name, and searches of two letters, which have no trigram and look at how names begin.
drop index "tool_name_id_idx";
create index tool_sorted on tool ((lower(name) collate "C"), id);
create index request_title_begins on request (lower(title) text_pattern_ops);
create index request_title on request using gin (title gin_trgm_ops);
create index agent_text on agent using gin ((slug || ' ' || name || ' ' || purpose) gin_trgm_ops);
create index agent_created on agent (created_at, id);
