/** Who is notified of what happens to approvals and accounts. */
package io.countersign.notification.notice;
