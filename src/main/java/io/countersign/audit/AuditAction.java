package io.countersign.audit;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The actions in the trail. {@code docs/audit.md} lists them; a test compares both. */
public enum AuditAction {
    ACCEPT_DELEGATION("agreed to stand in"),
    ACCEPT_INVITATION("set their first password", Relation.ABOUT),
    ACTIVATE("reported it as active"),
    ADD_TEAM("added a team"),
    ANSWER("answered"),
    APPROVE("approved stage"),
    ASK("asked the submitter for more information"),
    ASK_SUPERADMIN("asked to make them a superadmin", Relation.ABOUT),
    BLOCK_SIGN_IN("blocked further attempts to sign in", Relation.ABOUT),
    CANCEL("cancelled the request"),
    CLOSE("closed the registration"),
    COMMENT("commented"),
    CONFIRM("confirmed the address"),
    CONFIRM_SUPERADMIN("made them a superadmin", Relation.ABOUT),
    CREATE("created it"),
    DEACTIVATE("deactivated the account"),
    DECLINE_DELEGATION("declined to stand in"),
    DECLINE_SUPERADMIN("declined to make them a superadmin", Relation.ABOUT),
    DELEGATE("asked somebody to stand in"),
    DELETE("deleted it, or asked to"),
    DELETED("reported it as deleted"),
    DEPLOY("started the deployment"),
    DEPLOY_FAILED("could not deploy it"),
    DEPROVISION("ended the orchestrator's access"),
    END_DELEGATION("ended the delegation"),
    END_PROCESS("ended the process of the request"),
    END_SESSION("ended the session", Relation.ABOUT),
    ESCALATE("asked others too, since it waited so long, to decide stage"),
    EXPIRE("let the approval lapse, since it was not carried out in time"),
    EXPORT("exported the trail"),
    FAIL("could not carry it out"),
    FAIL_SIGN_IN("failed to sign in", Relation.ABOUT),
    FREEZE("froze changes"),
    INVITE("invited the person to set a password"),
    ISSUE_TOKEN("issued a token", Relation.ABOUT),
    LIFT_FREEZE("ended the freeze early"),
    PROVISION("started to provision it"),
    REACTIVATE("reactivated it"),
    REFUSE_CANCEL("was not let cancel it", Relation.ABOUT),
    REFUSE_DECISION("was refused a decision on stage", Relation.ABOUT),
    REFUSE_TAKE_BACK("was not let take an approval back", Relation.ABOUT),
    REJECT("rejected the request in stage"),
    RELEASE("released the approved change"),
    REMOVE("reported it as removed"),
    REMOVE_MEMBER("removed a member", Relation.OF_MEMBER),
    REOPEN("put it back to wait for approval"),
    RESET_PASSWORD("set a new password", Relation.ABOUT),
    RETRY("tried it again"),
    RETRY_JOB("retried a failed job"),
    REVOKE_TOKEN("revoked a token", Relation.ABOUT),
    ROTATE_KEY("replaced the key"),
    RUNNING("reported it as running"),
    SET_FEATURES("set features"),
    SET_ROLE("set the role of a member", Relation.OF_MEMBER),
    SIGN_IN("signed in", Relation.ABOUT),
    SIGN_OUT("signed out", Relation.ABOUT),
    SUBMIT("submitted the request"),
    SUSPEND("suspended it"),
    TAKE_BACK("took back the approval of stage"),
    UPDATE("changed it, or asked to"),
    WITHDRAW_QUESTION("withdrew the question"),
    WRITE("wrote through the engine's own doors", Relation.ABOUT);

    /** How an action relates to the entry's subject. */
    public enum Relation {
        /** It is done to the subject: "Approve cluster prod-eu". */
        DONE_TO,
        /** It concerns the subject: "Sign in: user anna". */
        ABOUT,
        /** It is done to a member of the subject: "Set role: anna in project storefront". */
        OF_MEMBER
    }

    private static final Map<String, AuditAction> BY_WIRE_NAME =
            Arrays.stream(values()).collect(Collectors.toMap(AuditAction::wireName, Function.identity()));

    private final String words;
    private final Relation relation;

    AuditAction(String words) {
        this(words, Relation.DONE_TO);
    }

    AuditAction(String words, Relation relation) {
        this.words = words;
        this.relation = relation;
    }

    /**
     * @param wireName an entry's action
     * @return the action; empty for one that this version does not know
     */
    public static Optional<AuditAction> find(String wireName) {
        return Optional.ofNullable(BY_WIRE_NAME.get(wireName));
    }

    /** @return the name in the trail and in JSON, such as {@code take_back} */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @return the action in the past tense, such as {@code submitted the request}; one that ends in "stage" needs its
     *     number
     */
    public String words() {
        return words;
    }

    /** @return how the action relates to the entry's subject */
    public Relation relation() {
        return relation;
    }
}
