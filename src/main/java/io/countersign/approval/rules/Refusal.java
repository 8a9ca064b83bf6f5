package io.countersign.approval.rules;

import io.countersign.api.problem.ErrorCode;

/** Why a person may not decide a stage. */
public enum Refusal {
    /** They submitted the request. */
    SELF_APPROVAL(ErrorCode.SELF_APPROVAL, true),
    /**
     * They may be the submitter under another account: one recently created the other's account, or someone created
     * both.
     */
    ACCOUNT_MAKER(ErrorCode.ACCOUNT_MAKER, true),
    /** They are not a member of the scope, or their role lacks the stage's permission. */
    MISSING_PERMISSION(ErrorCode.MISSING_PERMISSION, true),
    /** The stage's team scope excludes their team. */
    WRONG_TEAM(ErrorCode.WRONG_TEAM, true),
    /** They decided another stage, or this one, and the policy requires distinct people. */
    SAME_APPROVER(ErrorCode.SAME_APPROVER, true),
    /** The stage, or the whole request, is decided. */
    ALREADY_DECIDED(ErrorCode.ALREADY_DECIDED, false),
    /** An earlier stage is still open, or the request ended before this stage opened. */
    STAGE_NOT_OPEN(ErrorCode.STAGE_NOT_OPEN, false),
    /** An open question must be answered by the submitter first. */
    WAITING_FOR_SUBMITTER(ErrorCode.WAITING_FOR_SUBMITTER, false),
    /** An administrator ended the process, so that the request can only be cancelled. */
    PROCESS_ENDED(ErrorCode.PROCESS_ENDED, false),
    /** Only a stuck stage can be overridden. */
    NOT_STUCK(ErrorCode.NOT_STUCK, false),
    /** Only one's own approval can be taken back. */
    NOT_YOUR_DECISION(ErrorCode.NOT_YOUR_DECISION, true),
    /** A later stage was decided and depends on this one. */
    LATER_STAGE_DECIDED(ErrorCode.LATER_STAGE_DECIDED, false),
    /** No question waits for an answer. */
    NO_QUESTION(ErrorCode.NO_QUESTION, false);

    private final ErrorCode code;
    private final boolean aboutPerson;

    Refusal(ErrorCode code, boolean aboutPerson) {
        this.code = code;
        this.aboutPerson = aboutPerson;
    }

    /** @return whether another person might have been allowed; otherwise the request's state refuses */
    public boolean aboutPerson() {
        return aboutPerson;
    }

    /** @return the error code for clients */
    public ErrorCode code() {
        return code;
    }
}
