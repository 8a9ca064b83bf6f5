package io.countersign.engine.access;

import org.camunda.bpm.engine.impl.db.DbEntity;
import org.camunda.bpm.engine.impl.persistence.entity.CommentEntity;
import org.camunda.bpm.engine.impl.persistence.entity.CommentManager;

/** A comment on a task belongs to that task alone: a process instance that its author names as well is dropped. */
public class TaskComments extends CommentManager {

    @Override
    public void insert(DbEntity entity) {
        if (entity instanceof CommentEntity comment
                && CommentEntity.TYPE_COMMENT.equals(comment.getType())
                && comment.getTaskId() != null) {
            comment.setProcessInstanceId(null);
        }
        super.insert(entity);
    }
}
