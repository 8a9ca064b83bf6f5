package io.countersign.console.account;

import io.countersign.embedded.EmbeddedMode;
import org.springframework.stereotype.Component;

/** Present in embedded mode: the sign-in page then names the demo accounts. */
@Component
@EmbeddedMode
class DemoHints {}
