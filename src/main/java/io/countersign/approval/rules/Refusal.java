package io.countersign.approval.rules;

import io.countersign.api.problem.ErrorCode;

/** Why a person may not decide a stage. */
public enum Refusal {
    /** They submitted the request. */
    SELF_APPROVAL(ErrorCode.SELF_APPROVAL, true),
    /** They may be the submitter in another guise: one made the other's account lately, or somebody made both. */
    ACCOUNT_MAKER(ErrorCode.ACCOUNT_MAKER, true),
    /** They are no member of the scope, or their role lacks the stage's permission. */
    MISSING_PERMISSION(ErrorCode.MISSING_PERMISSION, true),
    /** The stage's team scope leaves their team out. */
    WRONG_TEAM(ErrorCode.WRONG_TEAM, true),
    /** They decided another stage, or this one, and the policy wants distinct people. */
    SAME_APPROVER(ErrorCode.SAME_APPROVER, true),
    /** The stage, or the whole request, is decided. */
    ALREADY_DECIDED(ErrorCode.ALREADY_DECIDED, false),
    /** An earlier stage is still open, or the request ended before this stage opened. */
    STAGE_NOT_OPEN(ErrorCode.STAGE_NOT_OPEN, false),
    /** A question is open that the submitter is to answer first. */
    WAITING_FOR_SUBMITTER(ErrorCode.WAITING_FOR_SUBMITTER, false),
    /** An administrator ended the process, so that the request can only be cancelled. */
    PROCESS_ENDED(ErrorCode.PROCESS_ENDED, false),
    /** An override is only for a stuck stage. */
    NOT_STUCK(ErrorCode.NOT_STUCK, false),
    /** Only one's own approval can be taken back. */
    NOT_YOUR_DECISION(ErrorCode.NOT_YOUR_DECISION, true),
    /** A later stage was decided, and must not stand without the one before it. */
    LATER_STAGE_DECIDED(ErrorCode.LATER_STAGE_DECIDED, false),
    /** There is no question that waits for an answer. */
    NO_QUESTION(ErrorCode.NO_QUESTION, false);

    private final ErrorCode code;
    private final boolean aboutPerson;

    Refusal(ErrorCode code, boolean aboutPerson) {
        this.code = code;
        this.aboutPerson = aboutPerson;
    }

    /** @return whether another person might have been allowed; otherwise it is the request's state that refuses */
    public boolean aboutPerson() {
        return aboutPerson;
    }

    /** @return what clients are told */
    public ErrorCode code() {
        return code;
    }
}
