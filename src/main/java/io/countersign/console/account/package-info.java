/** Signing in, and the reader's own settings. */
package io.countersign.console.account;
