from wagtail import hooks

from policies.version_admin import PolicyVersionViewSet


@hooks.register("register_admin_viewset")
def register_versions():
    return PolicyVersionViewSet()
