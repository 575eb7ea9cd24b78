"""Lays out the files that the pods of rendered manifests would see, and lets topicgate check them.

pod.py TOPICGATE MANIFESTS. Nothing that the image or the pod sets may win over the settings file. Tokens are made up; a ConfigMap that is not among the manifests is given one rule."""

import pathlib
import re
import subprocess
import sys
import tempfile

import yaml

RULE = "version: 1\ncodes: { 10101: a }\nrules: [{ id: a, action: deny, code: 10101, message: No., when: { name: { is: a } } }]\n"


def winners(container, keys):
    """The variables of the image and the pod, and the flags, that win over keys of the settings file."""
    assert "command" not in container, "the entry point of the image is not used"
    image = re.sub("(?m)^#.*$", "", pathlib.Path("deploy/Dockerfile").read_text())
    variables = re.findall(r"\bTOPICGATE_\w+", image) + [each["name"] for each in container.get("env", [])]
    flags = [each.split("=")[0] for each in container["args"] if each.startswith("--")]
    names = variables + flags
    return [name for name in names if name.removeprefix("TOPICGATE_").lower().strip("-").replace("-", "_") in keys]


def main(topicgate, manifests):
    objects = list(filter(None, yaml.safe_load_all(pathlib.Path(manifests).read_text())))
    maps = {each["metadata"]["name"]: each["data"] for each in objects if each["kind"] == "ConfigMap"}
    (deployment,) = [each for each in objects if each["kind"] == "Deployment"]
    pod = deployment["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    with tempfile.TemporaryDirectory() as root:
        for mount in container["volumeMounts"]:
            assert "subPath" not in mount, "a file that is mounted by subPath never changes"
            directory = pathlib.Path(root + mount["mountPath"])
            directory.mkdir(parents=True)
            volume = volumes[mount["name"]]
            if "configMap" in volume:
                files = maps.get(volume["configMap"]["name"], {"rules.yaml": RULE})
                for name, text in files.items():
                    (directory / name).write_text(text)
        config = pathlib.Path(root + container["args"][container["args"].index("--config") + 1])
        text = config.read_text()
        settings = yaml.safe_load(text)
        won = winners(container, {*settings, "app", "token_file", "token_env"})
        assert not won, f"{won} would win over the settings file"
        for app in settings["apps"]:
            for token in app["token_files"]:
                pathlib.Path(root + token).write_text("0123456789abcdef\n")
        pathlib.Path(root + "/run/secrets/topicgate/admin-token").write_text("0123456789abcdef0123456789abcdef\n")
        for prefix in ["/etc/topicgate", "/run/secrets", "/var/lib/topicgate"]:
            text = text.replace(prefix, root + prefix)
        config.write_text(text)
        variables = {each["name"]: each.get("value", "") for each in container.get("env", [])}
        return subprocess.run([topicgate, "check", "--deny-warnings", "--config", config], env=variables).returncode


sys.exit(main(*sys.argv[1:]))
