package io.countersign.console;

import io.countersign.embedded.EmbeddedMode;
import org.springframework.stereotype.Component;

/** Present in embedded mode: pages then name the demo accounts and lead to the mailbox. */
@Component
@EmbeddedMode
class DemoHints {}
