-- Whoever seals a credential says who may inspect with it; being named by somebody is no consent.
alter table sealed_credential add column shared_with text;
