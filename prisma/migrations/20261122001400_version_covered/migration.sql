-- What is called is what was reviewed: a version's identity and launch say what its content says, and only the content is in the digest.
-- As `pinnedIdentity` does it, a renewed certificate for the same key is the same; which network a package gets is its release's word.
create function ambit_version_covered() returns trigger language plpgsql as $$
declare said jsonb; tls jsonb := new.identity -> 'tls'; package jsonb := new.launch -> 'package'; released package_release;
begin
  if pg_input_is_valid(convert_from(new.content, 'UTF8'), 'jsonb') then said := convert_from(new.content, 'UTF8')::jsonb -> 'identity'; end if;
  if jsonb_typeof(tls) = 'object' then
    tls := jsonb_build_object('subject', tls -> 'subject', 'issuer', tls -> 'issuer', 'spkiSha256', tls -> 'spkiSha256');
  end if;
  select * into released from package_release where package_digest = package ->> 'packageDigest';
  if (said - 'tls' = new.identity - 'tls' and said -> 'tls' is not distinct from tls) is not true
    or (new.launch is not null and (new.launch - 'network' = jsonb_build_object('package', package, 'argv', said #> '{package,argv}', 'writablePaths', '[]'::jsonb)
      and package - 'packageDigest' = said -> 'package'
      and new.launch -> 'network' = to_jsonb(coalesce(released.network, false))
      and (released.id is null or (released.name = package ->> 'name' and released.version = package ->> 'version'))) is not true) then
    raise exception 'version % is not what its digest covers', new.id using errcode = 'AM002';
  end if;
  return null;
end $$;
-- After the row, so that its digest has been checked.
create trigger covered after insert on connector_version for each row execute function ambit_version_covered();
