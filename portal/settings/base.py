"""Production settings. Whatever is forgotten elsewhere falls back to a safe value here."""

from csp.constants import NONE, SELF

from .env import ROOT, Environment, database, email

ENV = Environment.read()
ENV.refuse_if_unsafe()

BASE_DIR = ROOT
VAR_DIR = ENV.var_dir
BASE_URL = ENV.base_url
BEHIND_PROXY = ENV.behind_proxy

# --- Django ---------------------------------------------------------------------------
DEBUG = False
SECRET_KEY = ENV.secret_key
SECRET_KEY_FALLBACKS = ENV.secret_key_fallbacks
ALLOWED_HOSTS = ENV.hosts
CSRF_TRUSTED_ORIGINS = [ENV.base_url]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": database(ENV.database_url, VAR_DIR)}
AUTH_USER_MODEL = "accounts.User"

INSTALLED_APPS = [
    "demo",
    "satisfaction",
    "consultations",
    "documents",
    "news",
    "editorial",
    "site_pages",
    "portal.reporting",
    "portal.protection",
    "portal.outbox",
    "portal.agencies",
    "portal.rules",
    "portal.accounts",
    "portal",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_q",
    "captcha",
    "axes",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.middleware.security_headers",
    # Below the headers, so that static files have them too.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "site_pages.page_cache_middleware.PageCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "editorial.access.keep_current",
    "editorial.confinement.Confinement",
    "editorial.doors.Doors",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "axes.middleware.AxesMiddleware",
    "portal.middleware.no_null_in_path",
    "portal.middleware.RefusalsInWords",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    }
]

# Demonstration content and its well-known passwords never reach production.
DEMO_ALLOWED = False

# --- Language and time ----------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
# What the libraries do not say in Vietnamese stands apart: bin/vendor_messages.py.
VENDOR_LOCALE_DIR = BASE_DIR / "locale_vendor"
LOCALE_PATHS = [BASE_DIR / "locale", VENDOR_LOCALE_DIR]
FORMAT_MODULE_PATH = ["portal.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

# --- Files ----------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = ENV.media_dir
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o640
# Uploads of the public, until a virus scanner has called them clean.
QUARANTINE_DIR = ENV.quarantine_dir
# Data files for analysts, outside of the media: no web server hands them out.
EXPORTS_DIR = ENV.exports_dir
CLAMD_ADDRESS = ENV.clamd_address
# Knows the EICAR test file and nothing else: for machines without a scanner, never here.
SCANNER_STAND_IN = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# Wagtail's page editor posts thousands of fields for a long StreamField.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# --- Accounts -------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "wagtailadmin_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
# By name and address together: an attacker elsewhere cannot lock an approver out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_LOCKOUT_TEMPLATE = "locked_out.html"
# The address that our own proxy saw, as for the throttle: never the client's word.
AXES_CLIENT_IP_CALLABLE = "portal.protection.throttle.client_address"

# --- Transport and headers ------------------------------------------------------------
SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.behind_proxy else None
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = ENV.hsts_preload
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_NAME = "__Host-sessionid"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "__Host-csrftoken"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = False  # Wagtail's admin scripts read it
LANGUAGE_COOKIE_SECURE = True
CSRF_FAILURE_VIEW = "site_pages.error_views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "img-src": [SELF],
        "style-src": [SELF],
        "script-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb", "fullscreen")
}
PERMISSIONS_POLICY["fullscreen"] = ["self"]

# --- Wagtail --------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "CCHC Hà Nội"
WAGTAIL_DATE_FORMAT = "%d/%m/%Y"
WAGTAIL_DATETIME_FORMAT = "%d/%m/%Y %H:%M"
WAGTAILADMIN_USER_LOGIN_FORM = "portal.accounts.forms.SignInForm"
WAGTAILADMIN_BASE_URL = ENV.base_url
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
# An approved text that goes out at its date, or is put back, does not end the review of the next.
WAGTAIL_WORKFLOW_CANCEL_ON_PUBLISH = False
WAGTAIL_FINISH_WORKFLOW_ACTION = "editorial.finishing.finish"
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "odt", "ods", "csv"]
WAGTAILDOCS_EXTENSIONS += ["mp3", "m4a", "mp4", "webm", "vtt"]
WAGTAILDOCS_INLINE_CONTENT_TYPES = [
    "application/pdf",
    "audio/mpeg",
    "audio/mp4",
    "video/mp4",
    "video/webm",
    "text/vtt",
]
WAGTAILDOCS_DOCUMENT_FORM_BASE = "site_pages.library_files.DocumentForm"
WAGTAILDOCS_MAX_UPLOAD_SIZE = 100 * 1024 * 1024
# Addresses that can be read out and typed: đ → d, no marks.
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "gif"]
WAGTAILIMAGES_IMAGE_FORM_BASE = "site_pages.images.ImageForm"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
# A shared password is stored as plain text: privacy is by login or group only.
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAIL_PASSWORD_RESET_ENABLED = True
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "wagtail.search.backends.database"},
}
WAGTAILLOCALIZE_MACHINE_TRANSLATOR = None

# --- Queue ----------------------------------------------------------------------------
Q_CLUSTER = {
    "name": "portal",
    "orm": "default",
    "workers": 2,
    # A PDF leaves a hundred megabytes behind: a process goes after 50 jobs, or once it
    # holds this much (KB).
    "recycle": 50,
    "max_rss": 400_000,
    "timeout": 600,
    "retry": 660,
    "max_attempts": 3,
    "ack_failures": False,
    "bulk": 1,
    "catch_up": False,
    "save_limit": 250,
    "poll": 0.5,
    "label": "Queue",
}

# --- Mail -----------------------------------------------------------------------------
globals().update(email(ENV.email_url))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.email_from

# --- Captcha: the last step, never the only barrier -----------------------------------
CAPTCHA_TIMEOUT = 10
CAPTCHA_LENGTH = 5
CAPTCHA_FONT_SIZE = 34
CAPTCHA_2X_IMAGE = False
CAPTCHA_FLITE_PATH = None

# --- Logs: who and what, never bodies, tokens or codes --------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # These report every start, every font of every PDF and every index update.
    "loggers": {
        name: {"level": "WARNING"}
        for name in ("axes.apps", "weasyprint", "fontTools", "django_tasks", "django-q")
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []
