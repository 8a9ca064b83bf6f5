package io.countersign.engine.model;

import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Forbidden;
import org.camunda.bpm.engine.delegate.BaseDelegateExecution;
import org.camunda.bpm.engine.delegate.VariableScope;
import org.camunda.bpm.engine.impl.el.Expression;
import org.camunda.bpm.engine.impl.el.JuelExpression;
import org.camunda.bpm.engine.spring.ApplicationContextElResolver;
import org.camunda.bpm.engine.spring.SpringExpressionManager;
import org.camunda.bpm.impl.juel.jakarta.el.CompositeELResolver;
import org.camunda.bpm.impl.juel.jakarta.el.ELResolver;
import org.springframework.context.ApplicationContext;

/**
 * Evaluates the expressions of models, and of queries only the one that our own filter has. The engine refuses
 * expressions in the queries that clients send, but not in those that stand in {@code orQueries}, and whoever gets an
 * expression evaluated runs any method in the server.
 */
public class ModelExpressions extends SpringExpressionManager {

    /** What the filter of everybody's own decisions asks for. */
    public static final String CURRENT_USER = "${currentUser()}";

    ModelExpressions(ApplicationContext context) {
        super(context);
    }

    /** Beans before variables: a variable that a client names as one of our beans stands for no bean. */
    @Override
    protected ELResolver createElResolver() {
        CompositeELResolver resolver = new CompositeELResolver();
        resolver.add(new ApplicationContextElResolver(applicationContext));
        resolver.add(super.createElResolver());
        return resolver;
    }

    @Override
    public Expression createExpression(String text) {
        ensureInitialized();
        return new JuelExpression(createValueExpression(text), this, text) {

            @Override
            public Object getValue(VariableScope scope, BaseDelegateExecution execution) {
                // A model's expression is evaluated for an execution or a task, a query's for nothing.
                if (scope == null && !isLiteralText() && !CURRENT_USER.equals(text)) {
                    throw new Forbidden(ErrorCode.EXPRESSIONS_CLOSED, "Queries and filters run no expressions.");
                }
                return super.getValue(scope, execution);
            }
        };
    }
}
