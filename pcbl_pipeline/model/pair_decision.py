"""What an agency decided about two lessons that may say the same."""

from pydantic import AwareDatetime, BaseModel, ConfigDict

from pcbl_pipeline.model.lesson_pair import PairChoice


class PairDecision(BaseModel):
    """A decision about two lessons as they were worded then; a later one replaces it."""

    model_config = ConfigDict(frozen=True)

    #: Public ids, the lower one first.
    first_id: str
    second_id: str
    #: A newer text of either is another pair, which has to be read anew.
    first_revision: int
    second_revision: int
    choice: PairChoice
    decided_by: str
    decided_at: AwareDatetime
