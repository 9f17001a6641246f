using System.Xml.Linq;
using Fovea.Conformance;

namespace Fovea.Core.Tests.Ops;

public class OpDocumentationTests
{
    [Fact]
    public void The_page_of_operations_is_what_the_types_say()
    {
        var written = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "ops.md"));
        var wanted = OpDocumentation.Write(XDocument.Load(Path.Combine(AppContext.BaseDirectory, "Fovea.Core.xml"), LoadOptions.PreserveWhitespace));
        if (written == wanted) return;
        var path = Path.Combine(AppContext.BaseDirectory, "docs", "ops.generated.md");
        File.WriteAllText(path, wanted);
        Assert.Fail($"docs/ops.md is not what the types say; copy {path} over it");
    }
}
