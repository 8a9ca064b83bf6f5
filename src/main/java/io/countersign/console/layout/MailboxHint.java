package io.countersign.console.layout;

import io.countersign.embedded.EmbeddedMail;
import org.springframework.stereotype.Component;

/** Present if this server stores its mail in a mailbox: the navigation then links to it. */
@Component
@EmbeddedMail
class MailboxHint {}
