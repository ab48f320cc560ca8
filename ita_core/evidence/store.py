"""The evidence store of this process: a folder or a bucket, as ITA_EVIDENCE_URL says."""

from functools import lru_cache
from pathlib import Path

from ita_core.evidence.folder import Folder
from ita_core.evidence.objects import Store, StoreUnusable
from ita_core.language import _
from ita_core.settings import settings


@lru_cache(maxsize=1)
def open_store() -> Store:
    """The evidence store of this process, ready to use.

    Raises StoreUnusable.
    """
    made = _bucket() if settings().evidence_url.startswith("s3://") else Folder(Path(settings().evidence_url))
    made.prepare()
    return made


def _bucket() -> Store:
    try:  # obstore is wanted for buckets only
        from ita_core.evidence.bucket import Bucket
    except ModuleNotFoundError as error:
        if error.name != "obstore":
            raise
        raise StoreUnusable(place="ITA_EVIDENCE_URL", why=_("""this needs: pip install -e ".[s3]\"""")) from None
    return Bucket(settings().evidence_url, Path(settings().cache_folder))
