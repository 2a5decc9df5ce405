-- Guards read the tables of this schema, whatever temporary tables a session makes. A function of SQL that is inlined stays inlined
-- only without a setting, and costs a little more with one; none of them is called for a call of an agent.
do $$ declare f regprocedure; begin
  for f in select oid::regprocedure from pg_proc where pronamespace = 'public'::regnamespace and proname like 'ambit\_%'
      and prokind = 'f' and not coalesce(proconfig::text like '%search_path=pg_catalog%', false) loop
    execute format('alter function %s set search_path = pg_catalog, public, pg_temp', f);
  end loop;
end $$;
