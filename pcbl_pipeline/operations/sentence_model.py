"""The only door to a sentence model: a folder on this machine, never a download.

The model is optional, and so is the library that reads it (`pip install
pcbl-pipeline[embedding]`). What does not belong here: what is compared with what.
"""

from pathlib import Path

from pcbl_pipeline.errors import SettingsInvalid
from pcbl_pipeline.summaries.meaning_match import Encode

#: The files of a static model, as model2vec writes them.
FILES = ("model.safetensors", "tokenizer.json", "config.json")


def open_sentence_model(folder: Path | None) -> Encode | None:
    """Return the function from texts to vectors, or None where no model is named.

    Raises:
        SettingsInvalid: If the folder is not a model, or nothing is installed that
            reads it. A release must not silently come out with fewer lessons.
    """
    if folder is None:
        return None
    # Looked at here first: what is no folder the library would look for on the web.
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise SettingsInvalid(
            f"The folder {folder}, which `sentence_model` in network.yaml names, holds "
            f"no sentence model: {', '.join(missing)} is missing. Put a static model "
            "there as model2vec writes it, or set `sentence_model` to null."
        )
    try:
        from model2vec import StaticModel  # noqa: PLC0415 - optional, and slow to load
    except ImportError as error:
        raise SettingsInvalid(
            "`sentence_model` in network.yaml names a model, but nothing is installed "
            "that reads it. Install pcbl-pipeline[embedding], or set it to null."
        ) from error
    try:
        model = StaticModel.from_pretrained(folder)
    except Exception as error:  # the library's own errors are of many kinds
        raise SettingsInvalid(
            f"The sentence model in {folder} cannot be read; its files may be cut off."
        ) from error
    return lambda texts: model.encode(list(texts), use_multiprocessing=False)
