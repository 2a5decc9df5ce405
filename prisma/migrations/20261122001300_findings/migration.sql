-- One open finding of a kind about a thing, whoever notices first.
create unique index finding_open on finding (kind, subject_id) where closed_at is null;
