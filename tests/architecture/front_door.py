"""import-linter contract: one app enters another only through its doors."""

from importlinter import Contract, ContractCheck, fields, output


class FrontDoor(Contract):
    """One app enters another only through its doors."""

    type_name = "front_door"
    apps = fields.ListField(subfield=fields.StringField())
    doors = fields.ListField(subfield=fields.StringField())
    keyholders = fields.ListField(subfield=fields.StringField(), required=False, default=[])

    def check(self, graph, verbose):
        broken = []
        for app in self.apps:
            for module in {app, *graph.find_descendants(app)}:
                inner = module.removeprefix(app).lstrip(".").split(".")[0]
                if not inner or inner in self.doors:
                    continue
                for importer in graph.find_modules_that_directly_import(module):
                    home = importer.split(".")[0]
                    if home != app and home not in self.keyholders:
                        broken.append((importer, module))
        return ContractCheck(kept=not broken, metadata={"broken": sorted(broken)})

    def render_broken_contract(self, check):
        for importer, module in check.metadata["broken"]:
            output.print_error(f"{importer} -> {module} (use {', '.join(self.doors)})")
