/** A notification's content: requests in words, and text that is safe in mails. */
package io.countersign.notification.content;
