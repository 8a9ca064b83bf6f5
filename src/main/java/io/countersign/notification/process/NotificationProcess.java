package io.countersign.notification.process;

/** Names that {@code notification-delivery.bpmn} and the notifying tasks of {@code approval-stages.bpmn} use. */
final class NotificationProcess {

    /** The process that delivers one notification. */
    static final String KEY = "notification-delivery";

    /** The delivery of an instance: its only process variable. */
    static final String DELIVERY_ID = "deliveryId";

    /** The approval of an instance of {@code approval-stages}. */
    static final String APPROVAL_ID = "approvalId";

    private NotificationProcess() {}
}
