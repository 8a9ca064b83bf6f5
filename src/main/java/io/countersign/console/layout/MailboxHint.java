package io.countersign.console.layout;

import io.countersign.embedded.EmbeddedMail;
import org.springframework.stereotype.Component;

/** Present while this server keeps its mail in a mailbox: the navigation then leads to it. */
@Component
@EmbeddedMail
class MailboxHint {}
