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
 * Evaluates the expressions of models, and only our own filter's expression in queries. The engine refuses expressions
 * in clients' queries, but not inside {@code orQueries}, and an evaluated expression can run any method in the server.
 */
public class ModelExpressions extends SpringExpressionManager {

    /** The expression of the filter for everyone's own decisions. */
    public static final String CURRENT_USER = "${currentUser()}";

    ModelExpressions(ApplicationContext context) {
        super(context);
    }

    /** Beans before variables: a variable that a client names like one of our beans does not replace it. */
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
                // A model's expression has an execution or a task as its scope, a query's has none.
                if (scope == null && !isLiteralText() && !CURRENT_USER.equals(text)) {
                    throw new Forbidden(ErrorCode.EXPRESSIONS_CLOSED, "Queries and filters run no expressions.");
                }
                return super.getValue(scope, execution);
            }
        };
    }
}
