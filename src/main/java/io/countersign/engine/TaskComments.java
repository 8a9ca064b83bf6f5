package io.countersign.engine;

import org.camunda.bpm.engine.impl.db.DbEntity;
import org.camunda.bpm.engine.impl.interceptor.Session;
import org.camunda.bpm.engine.impl.interceptor.SessionFactory;
import org.camunda.bpm.engine.impl.persistence.entity.CommentEntity;
import org.camunda.bpm.engine.impl.persistence.entity.CommentManager;

/** A comment on a task belongs to that task alone: a process instance that its author names beside it is dropped. */
class TaskComments extends CommentManager {

    @Override
    public void insert(DbEntity entity) {
        if (entity instanceof CommentEntity comment
                && CommentEntity.TYPE_COMMENT.equals(comment.getType())
                && comment.getTaskId() != null) {
            comment.setProcessInstanceId(null);
        }
        super.insert(entity);
    }

    /** Opens it in place of the engine's own. */
    static class Factory implements SessionFactory {

        @Override
        public Class<?> getSessionType() {
            return CommentManager.class;
        }

        @Override
        public Session openSession() {
            return new TaskComments();
        }
    }
}
