"""Regularised least squares for classes, with its out-of-sample scores in closed form.

Invariant: `held_out` holds, for each training row, the score of a model that never saw that row, nor any
other row of its group. One matrix is factorised once, so an honest score for every product costs no second
training.

Sources: kernel and primal ridge as in Hastie, Tibshirani and Friedman, "The Elements of Statistical
Learning", sections 3.4.1 and 5.8.3; leave-one-out from the diagonal of the hat matrix, section 7.10
(equation 7.64); its form for groups in Cawley and Talbot, "Fast exact leave-one-out cross-validation of
sparse least-squares support vector machines", Neural Networks 17 (2004). The bias is a constant feature,
lightly penalised.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]

DUAL_LIMIT = 4_000
"""At most this many rows are solved over rows (n x n); more are solved over features (d x d)."""

FOLDS = 5
"""Above that many rows, rows are left out by fifths instead of one by one."""
BATCH = 8_192


@dataclass(frozen=True)
class RidgeFit:
    """`weights` (d, classes), `bias` (classes,), `held_out` (n, classes) out-of-sample scores."""

    weights: Floats
    bias: Floats
    held_out: Floats


def fit_ridge(
    X: Any, targets: Floats, penalty: float, sample_weight: Floats | None = None, groups: Ints | None = None
) -> RidgeFit:
    """Fit `targets` (n, classes) on the rows of `X` (n, d; dense, or sparse in CSR form).

    `penalty` is the ridge parameter for rows of about unit length. Rows with the same number in `groups` (n,)
    are left out together for `held_out`. Time O(min(n, d)^3 + n d min(n, d)); memory O(min(n, d)^2), so
    `d` must stay below about 8,000 where n exceeds `DUAL_LIMIT` (the features module sees to that).
    """
    n, d = X.shape
    root = np.ones(n) if sample_weight is None else np.sqrt(sample_weight)
    if n <= max(d, 1) and n <= DUAL_LIMIT:
        return _fit_over_rows(X, targets, penalty, root, groups)
    return _fit_over_features(X, targets, penalty, root, groups)


def _fit_over_rows(X: Any, targets: Floats, penalty: float, root: Floats, groups: Ints | None) -> RidgeFit:
    from scipy.linalg import cho_factor, cho_solve

    n = X.shape[0]
    kernel = _dense(X @ X.T).astype(np.float64) + 1.0
    kernel *= root[:, None] * root[None, :]
    kernel[np.diag_indices(n)] += penalty
    inverse = cho_solve(cho_factor(kernel, lower=True, overwrite_a=True), np.eye(n), overwrite_b=True)
    weighted = targets * root[:, None]
    dual = inverse @ weighted
    residual = _group_residuals(dual, inverse, groups)
    held_out = targets - residual / np.maximum(root, 1e-9)[:, None]
    dual *= root[:, None]
    return RidgeFit(np.asarray(X.T @ dual), dual.sum(axis=0), held_out)


def _group_residuals(dual: Floats, inverse: Floats, groups: Ints | None) -> Floats:
    """Out-of-sample residuals: inverse[G, G]^-1 dual[G] for each group G."""
    residual = dual / np.diag(inverse)[:, None]
    for rows in _groups_of_several(groups):
        residual[rows] = np.linalg.solve(inverse[np.ix_(rows, rows)], dual[rows])
    return residual


def _fit_over_features(
    X: Any, targets: Floats, penalty: float, root: Floats, groups: Ints | None
) -> RidgeFit:
    from scipy.linalg import cho_factor, cho_solve

    if X.shape[0] > DUAL_LIMIT:
        return _fit_by_folds(X, targets, penalty, root, groups)
    A = _with_constant(X, root)
    d = A.shape[1]
    gram = _dense(A.T @ A).astype(np.float64)
    gram[np.diag_indices(d)] += penalty
    factor = cho_factor(gram, lower=True, overwrite_a=True)
    weighted = targets * root[:, None]
    solution = cho_solve(factor, np.asarray(A.T @ weighted))
    inverse = cho_solve(factor, np.eye(d), overwrite_b=True)
    fitted_residual = weighted - np.asarray(A @ solution)
    residual = fitted_residual / np.maximum(1.0 - _leverages(A, inverse), 1e-9)[:, None]
    for rows in _groups_of_several(groups):
        part = _dense(A[rows])
        hat = part @ inverse @ part.T
        residual[rows] = np.linalg.solve(np.eye(len(rows)) - hat, fitted_residual[rows])
    held_out = targets - residual / np.maximum(root, 1e-9)[:, None]
    return RidgeFit(solution[:-1], solution[-1], held_out)


def _fit_by_folds(X: Any, targets: Floats, penalty: float, root: Floats, groups: Ints | None) -> RidgeFit:
    """The fit, and scores of each fifth of the rows from the other four; a group is in one fifth.

    For many rows five factorisations cost less than each row's leverage, and a fifth less data changes
    little. Products of a fifth are summed once: what the other four give is the difference. Memory: six
    d x d matrices of float32, and one batch of rows.
    """
    n, d = X.shape[0], X.shape[1] + 1
    unit = np.arange(n) if groups is None else np.unique(groups, return_inverse=True)[1]
    fold = np.random.default_rng(0).permutation(int(unit.max()) + 1)[unit] % FOLDS
    grams = np.zeros((FOLDS, d, d), dtype=np.float32)
    moments = np.zeros((FOLDS, d, targets.shape[1]))
    members = [np.flatnonzero(fold == number) for number in range(FOLDS)]
    for number, rows in enumerate(members):
        for part, batch in _parts(X, root, rows):
            grams[number] += _dense(part.T @ part)
            moments[number] += np.asarray(part.T @ (targets[batch] * root[batch, None]))
    gram, moment = grams.sum(axis=0, dtype=np.float64), moments.sum(axis=0)
    solution = _solved(gram, moment, penalty, np.float64)
    held_out = np.empty((n, targets.shape[1]))
    for number, rows in enumerate(members):
        other = _solved(gram - grams[number], moment - moments[number], penalty, np.float32)
        for part, batch in _parts(X, np.ones(n), rows):
            held_out[batch] = np.asarray(part @ other)
    return RidgeFit(solution[:-1], solution[-1], held_out)


def _parts(X: Any, root: Floats, rows: Ints) -> Iterator[tuple[Any, Ints]]:
    """Batches of these rows with a constant, weighted, and which rows they are."""
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        yield _with_constant(X[batch], root[batch]), batch


def _solved(gram: Floats, moment: Floats, penalty: float, kind: Any) -> Floats:
    """(gram + penalty)^-1 moment. In float32 (twice as fast, enough for scores) where rounding allows."""
    from scipy.linalg import LinAlgError, cho_factor, cho_solve

    matrix = np.array(gram, dtype=kind)
    matrix[np.diag_indices(len(matrix))] += penalty
    try:
        factor = cho_factor(matrix, lower=True, overwrite_a=True, check_finite=False)
    except LinAlgError:
        if kind is np.float64:
            raise
        return _solved(gram, moment, penalty, np.float64)
    return np.asarray(cho_solve(factor, moment.astype(kind), check_finite=False))


def _with_constant(X: Any, root: Floats) -> Any:
    """`X` with a column of ones, each row times its root weight."""
    from scipy import sparse

    if sparse.issparse(X):
        ones = sparse.csr_matrix(np.ones((X.shape[0], 1), X.dtype))
        return sparse.diags(root.astype(X.dtype)) @ sparse.hstack([X, ones], format="csr")
    return np.hstack([X, np.ones((X.shape[0], 1), X.dtype)]) * root[:, None].astype(X.dtype)


def _leverages(A: Any, inverse: Floats, batch: int = 2_000) -> Floats:
    """Diagonal of A inverse A^T, without the n x n matrix. Sparse rows touch just their own columns."""
    from scipy import sparse

    n = A.shape[0]
    found = np.empty(n)
    if not sparse.issparse(A):
        for start in range(0, n, batch):
            part = A[start : start + batch]
            found[start : start + batch] = np.einsum("ij,ij->i", part @ inverse, part)
        return found
    for row in range(n):
        columns = A.indices[A.indptr[row] : A.indptr[row + 1]]
        values = A.data[A.indptr[row] : A.indptr[row + 1]].astype(np.float64)
        found[row] = values @ inverse[np.ix_(columns, columns)] @ values
    return found


def _groups_of_several(groups: Ints | None) -> list[Ints]:
    """The rows of each group that has more than one."""
    if groups is None:
        return []
    order = np.argsort(groups, kind="stable")
    ends = np.flatnonzero(np.diff(groups[order])) + 1
    return [rows for rows in np.split(order, ends) if len(rows) > 1]


def _dense(matrix: Any) -> Any:
    return matrix.toarray() if hasattr(matrix, "toarray") else np.asarray(matrix)
