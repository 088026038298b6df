"""Words are cut, lower-cased, lemmatised and cleaned of stop words in the language of each product."""

from __future__ import annotations

import pytest

from prodlabel.encoders.text.clean import Cleaner, language_of, tokens


def test_words_are_lemmas_in_lower_case() -> None:
    assert Cleaner().words("Cotton TOWELS and Watches") == ["cotton", "towel", "watch"]


def test_stop_words_numbers_and_single_letters_are_dropped() -> None:
    assert Cleaner().words("This is a set of 2 3-4 mugs, don't x") == ["set", "mug"]


def test_french_texts_are_lemmatised_as_french() -> None:
    assert Cleaner().words("Les serviettes bleues pour la salle de bain") == [
        "serviette",
        "bleu",
        "salle",
        "bain",
    ]


def test_elided_articles_leave_no_letter_behind() -> None:
    assert Cleaner().words("l'horloge d'argent avec une pile") == ["horloge", "argent", "pile"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("a towel for the bath", "en"),
        ("une serviette pour le bain", "fr"),
        ("Sathiyas 300 gsm", None),
        ("", None),
    ],
)
def test_the_language_shows_in_the_stop_words(text: str, language: str | None) -> None:
    assert language_of(tokens(text)) == language


def test_a_name_without_stop_words_is_in_the_language_of_the_catalogue() -> None:
    french = Cleaner().fit(["une serviette pour le bain", "des rideaux pour la chambre", "a mug for you"])
    assert french.language_ == "fr"
    assert french.words("rideaux bleus") == ["rideau", "bleu"]


def test_a_catalogue_without_stop_words_is_taken_for_english() -> None:
    assert Cleaner().fit(["", "mug"]).language_ == "en"


def test_each_text_is_freed_of_the_stop_words_of_its_own_language() -> None:
    """French gold is an English stop word."""
    assert Cleaner().words("Montre en or 18 carats") == ["montrer", "or", "carat"]
    assert Cleaner().words("a watch of steel or gold") == ["watch", "steel", "gold"]
    mixed = ["the watch of steel or gold for you", "Bague en or pour la fête", "a ring in the box"]
    cleaner = Cleaner().fit(mixed)
    assert cleaner.language_ == "en"
    assert [list(words) for words in cleaner.all_words(mixed).lists()] == [
        ["watch", "steel", "gold"],
        ["bague", "or", "fête"],
        ["ring", "box"],
    ]


def test_a_word_has_the_language_of_the_texts_that_it_stands_in() -> None:
    cleaner = Cleaner(is_lemmatised=False)
    cleaner.fit_words(["rideaux bleus pour la chambre", "the curtains of a room", "a mug for you"])
    assert cleaner.language_ == "en"
    said = {word: cleaner.language_of_word(word) for word in ("rideaux", "curtains", "unheard")}
    assert said == {"rideaux": "fr", "curtains": "en", "unheard": "en"}


def test_lemmas_can_be_left_out() -> None:
    assert Cleaner(is_lemmatised=False).words("red towels") == ["red", "towels"]


def test_a_cleaner_survives_its_state() -> None:
    fitted = Cleaner().fit(["une serviette pour le bain"])
    assert Cleaner.from_state(fitted.state()).language_ == "fr"
