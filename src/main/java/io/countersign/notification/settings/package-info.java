/** People's own notification settings. */
@org.springframework.modulith.NamedInterface("settings")
package io.countersign.notification.settings;
