/** What a notification says: requests in words, and text that is safe in mails. */
package io.countersign.notification.content;
