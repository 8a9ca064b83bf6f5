package io.countersign.console.layout;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Form rows that buttons add, remove and move up. */
public final class FormRows {

    private FormRows() {}

    /**
     * @param rows the submitted rows
     * @param change the button's value: {@code add}, {@code remove-2} or {@code up-2}, counted from 0
     * @param added the row to add
     * @return the rows to show next; unchanged if there is no such row
     */
    public static <T> List<T> changed(List<T> rows, String change, T added) {
        List<T> changed = new ArrayList<>(rows);
        if (change.equals("add")) {
            changed.add(added);
        }
        for (int i = 0; i < rows.size(); i++) {
            if (change.equals("remove-" + i)) {
                changed.remove(i);
            } else if (change.equals("up-" + i) && i > 0) {
                Collections.swap(changed, i, i - 1);
            }
        }
        return changed;
    }
}
