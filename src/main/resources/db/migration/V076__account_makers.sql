-- Who made an account matters however its link was handed over: whoever names the address may read the mail.

alter table users drop column link_shown;
