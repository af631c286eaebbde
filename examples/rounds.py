"""A round in the database: its rubric by hash, and its assessments as one document."""

import json

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column
from store import Base, Document, Tampered, document

import dti_core as dti
from dti_core.assessment import Assessments


class Round(Base):
    """A round and all that was said in it."""

    __tablename__ = "round"
    number: Mapped[int] = mapped_column(primary_key=True)
    rubric: Mapped[str] = mapped_column(ForeignKey(Document.sha256))
    assessments: Mapped[str]
    #: of two that write at once the second is refused: it would undo the move of the first
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it

    def load(self, session: Session) -> Assessments:
        """The assessments; a history that cannot have happened is not read."""
        try:
            rubric = dti.load_rubric(document(session, self.rubric))
            return dti.load_assessments(self.assessments.encode(), rubric)
        except dti.InvalidDocument as error:
            raise Tampered(self.number) from error

    def save(self, assessments: Assessments) -> None:
        """Put other assessments in their place."""
        self.assessments = json.dumps(dti.to_document(assessments), ensure_ascii=False)
