using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Fovea.Cli.Tests;

/// <summary>
/// What the README shows is typed as it stands: tool and library are packed, the tool is installed away from the repository, its commands run there, and
/// the programs are compiled against the package and run. Nothing is fetched: packages come from the repository and from those that it was built with.
/// </summary>
public sealed partial class ReadmeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_command_and_program_of_the_readme_does_what_it_says()
    {
        MakeHome();
        var work = MakePictures();
        Install(work);
        Type(work, Commands("## Your pictures, one command").Select(Short));
        string[] files = ["run/recipe.yaml", "run/curves.png", "run/confusion.png", "model.fovea", "model.onnx"];
        Assert.All(files, file => Assert.True(File.Exists(Path.Combine(work, file)), file));
        Type(work, Commands("## A job that is started again", "docs/first-day.md").Select(Short));
        FineTune(work);

        Type(work, ["fovea recipe list", "fovea recipe show imagenet/resnet18", "fovea doctor", "fovea --version"]);
        Type(work, [Short("fovea train -c demo --data pictures --out demo-run")]);
        File.Copy(Path.Combine(work, "model.onnx"), Path.Combine(work, "ResNet18.onnx"));
        Type(work, Commands("## One command for each source", "docs/fine-tuning.md").Where(IsOffline).Select(Short));
        Type(work, Commands("## Freezing", "docs/fine-tuning.md").Select(Short));

        Type(work, Project("recognise", "## In a program"));
        var run = Runs("## In a program");
        var recognised = Bash(work, run, Elsewhere);
        Succeeds(run, recognised);
        Assert.Matches(@"^(blue|green|red) \d", recognised.Output);

        Type(work, Project("service", "### In a service"));
        await Serve(work, Runs("### In a service"));
    }

    [Fact]
    public void Page_of_the_library_shows_the_programs_of_the_readme()
    {
        var page = File.ReadAllText(Repository.Path("src/Fovea/README.md"));
        Assert.All((string[])["## In a program", "### In a service"], section => Assert.Contains(Code(section), page, StringComparison.Ordinal));
    }

    [Fact]
    public void Page_of_the_tool_shows_commands_of_the_readme()
    {
        var shown = CommandsOf(BlocksOf(File.ReadAllText(Repository.Path("src/Fovea.Cli/README.md")), "sh"));
        Assert.Equal(Commands("## Your pictures, one command"), shown);
    }

    /// <summary>A home of its own, whose NuGet knows no server and finds what the repository was built with, but for Fovea itself.</summary>
    private void MakeHome()
    {
        var (nuget, packages) = (_folder.Path("home", ".nuget", "NuGet"), Directory.CreateDirectory(_folder.Path("packages")).FullName);
        Directory.CreateDirectory(nuget);
        File.WriteAllText(Path.Combine(nuget, "NuGet.Config"), "<configuration><packageSources><clear /></packageSources></configuration>");
        var (_, known, _) = Bash(Repository.Root, "dotnet nuget locals global-packages --list", []);
        foreach (var package in Directory.EnumerateDirectories(known.Split(' ', 2)[1].Trim()))
            if (!Path.GetFileName(package).StartsWith("fovea", StringComparison.Ordinal))
                Directory.CreateSymbolicLink(Path.Combine(packages, Path.GetFileName(package)), package);
    }

    /// <summary>Packs in the repository as whoever builds it does, then is at home elsewhere.</summary>
    private void Install(string work)
    {
        var commands = Commands("## Install").Where(line => !line.StartsWith("sudo ", StringComparison.Ordinal)).ToLookup(
            line => line.StartsWith("dotnet pack ", StringComparison.Ordinal));
        foreach (var pack in commands[true].Select(line => line.Replace("~", _folder.Path("home"), StringComparison.Ordinal)))
            Succeeds(pack, Bash(Repository.Root, pack, [("UseSharedCompilation", "false"), ("MSBUILDDISABLENODEREUSE", "1")]));
        Type(work, commands[false]);
    }

    private string MakePictures()
    {
        var work = _folder.Path("work");
        foreach (var colour in TinyData.Classes) TinyData.Add(Path.Combine(work, "pictures", colour), 20, colour);
        File.Copy(Path.Combine(work, "pictures", "red", "000.png"), Path.Combine(work, "photo.jpg"));
        return work;
    }

    /// <summary>Published weights cannot be had, which is said; for the package of weights a file of our own stands in.</summary>
    private void FineTune(string work)
    {
        string[] commands = [.. Commands("## Few pictures: start from what others have trained")];
        var (code, _, error) = Bash(work, Short(commands[0]), Elsewhere);
        Assert.Equal(1, code);
        Assert.Matches(@"error: .*put that file at .*/home/\.cache/fovea/weights/", error);

        Assert.StartsWith("dotnet package download ", commands[1], StringComparison.Ordinal);
        var file = Path.Combine(work, commands[2].Split(' ').Single(word => word.EndsWith(".onnx", StringComparison.Ordinal)));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.Copy(Path.Combine(work, "model.onnx"), file);
        Type(work, [Short(commands[2])]);
    }

    /// <summary>Types what makes the project of a section and puts the section's code into it.</summary>
    private IEnumerable<string> Project(string name, string section)
    {
        foreach (var command in Commands(section).Where(line => !StartsOrCalls().IsMatch(line))) yield return command;
        File.WriteAllText(_folder.Path("work", name, "Program.cs"), Code(section));
    }

    /// <summary>The command that runs the program of a section.</summary>
    private static string Runs(string section) => Commands(section).Single(line => line.StartsWith("dotnet run ", StringComparison.Ordinal));

    private async Task Serve(string work, string run)
    {
        var address = new Uri($"http://localhost:{FreePort()}");
        var here = run.Replace("http://localhost:5000", address.ToString(), StringComparison.Ordinal);
        using var service = Process.Start(Start(work, $"exec {here}", Elsewhere))!;
        var (output, error) = (service.StandardOutput.ReadToEndAsync(), service.StandardError.ReadToEndAsync());
        try
        {
            using var client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(1) };
            await Answers(client, service);
            using var good = await Post(client, await File.ReadAllBytesAsync(Path.Combine(work, "photo.jpg"), TestContext.Current.CancellationToken));
            Assert.Equal(HttpStatusCode.OK, good.StatusCode);
            using var classes = JsonDocument.Parse(await good.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.Equal(3, classes.RootElement.GetArrayLength());
            Assert.Contains(classes.RootElement[0].GetProperty("class").GetString(), TinyData.Classes);

            using var bad = await Post(client, "no picture"u8.ToArray());
            Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
            using var problem = JsonDocument.Parse(await bad.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.StartsWith("image: ", problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);

            using var huge = await Post(client, HugePng());
            Assert.Equal(HttpStatusCode.BadRequest, huge.StatusCode);
            using var large = await Post(client, new byte[(10 << 20) + 1]);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        }
        finally
        {
            if (!service.HasExited) Process.Start("/bin/sh", ["-c", $"kill -TERM {service.Id}"]).Dispose();
        }

        await service.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(service.ExitCode == 0, $"the service ended with {service.ExitCode}\n{await output}\n{await error}");
    }

    private static async Task Answers(HttpClient client, Process service)
    {
        while (!service.HasExited)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }

        Assert.Fail("the service ended before it answered");
    }

    private static async Task<HttpResponseMessage> Post(HttpClient client, byte[] image)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(image), "image", "upload.png" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/classify") { Content = form };
        request.Headers.ExpectContinue = true;
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>The head of a PNG of 8000 × 8000 pixels.</summary>
    private static byte[] HugePng()
    {
        byte[] head = [0, 0, 0, 13, .. "IHDR"u8, 0, 0, 0x1F, 0x40, 0, 0, 0x1F, 0x40, 8, 2, 0, 0, 0];
        var crc = System.IO.Hashing.Crc32.HashToUInt32(head.AsSpan(4));
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. head, (byte)(crc >> 24), (byte)(crc >> 16), (byte)(crc >> 8), (byte)crc, .. new byte[200_000]];
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool IsOffline(string command) =>
        !command.Contains("--pretrained", StringComparison.Ordinal) && !command.Contains("mlnet", StringComparison.OrdinalIgnoreCase)
        && !command.StartsWith("dotnet package download ", StringComparison.Ordinal);

    /// <summary>A run of two epochs; nothing else is changed.</summary>
    private static string Short(string command) => command.StartsWith("fovea train ", StringComparison.Ordinal) ? $"{command} --epochs 2" : command;

    /// <summary>The command lines of a section up to the next one, without their remarks.</summary>
    private static IEnumerable<string> Commands(string section, string page = "README.md") => CommandsOf(Blocks(page, section, "sh"));

    private static IEnumerable<string> CommandsOf(IEnumerable<string> blocks) =>
        blocks.SelectMany(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(line => Remark().Replace(line, ""));

    private static string Code(string section) => Assert.Single(Blocks("README.md", section, "csharp"));

    private static IEnumerable<string> Blocks(string page, string section, string language)
    {
        var text = File.ReadAllText(Repository.Path(page));
        var from = text.IndexOf($"\n{section}\n", StringComparison.Ordinal) + 1;
        Assert.True(from > 0, $"{page} has no section '{section}'");
        var end = NextSection().Match(text, from + section.Length);
        return BlocksOf(end.Success ? text[from..end.Index] : text[from..], language);
    }

    private static IEnumerable<string> BlocksOf(string text, string language) =>
        [.. Block().Matches(text).Where(match => match.Groups["language"].Value == language).Select(match => match.Groups["text"].Value)];

    private void Type(string folder, IEnumerable<string> commands)
    {
        foreach (var command in commands) Succeeds(command, Bash(folder, command, Elsewhere));
    }

    private static void Succeeds(string command, (int Code, string Output, string Error) ended) =>
        Assert.True(ended.Code == 0, $"$ {command}\n{ended.Output}\n{ended.Error}[{ended.Code}]");

    private static (int Code, string Output, string Error) Bash(string folder, string command, (string Name, string Value)[] environment)
    {
        using var shell = Process.Start(Start(folder, command, environment))!;
        var error = shell.StandardError.ReadToEndAsync();
        var output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return (shell.ExitCode, output, error.Result);
    }

    private static ProcessStartInfo Start(string folder, string command, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("bash", ["-c", command]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        var sdk = Path.GetDirectoryName(ToolProcess.Host)!;
        start.Environment["DOTNET_ROOT"] = sdk;
        start.Environment["PATH"] = $"{sdk}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["DOTNET_NOLOGO"] = start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment.Remove("FOVEA_CACHE");
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return start;
    }

    /// <summary>The environment of somebody whose home is new, and who has no network.</summary>
    private (string Name, string Value)[] Elsewhere
    {
        get
        {
            var home = _folder.Path("home");
            return
            [
                ("HOME", home), ("PATH", $"{home}/.dotnet/tools:{Path.GetDirectoryName(ToolProcess.Host)}:{Environment.GetEnvironmentVariable("PATH")}"),
                ("NUGET_PACKAGES", $"{home}/.nuget/packages"), ("NUGET_FALLBACK_PACKAGES", _folder.Path("packages")),
                ("DOTNET_GENERATE_ASPNET_CERTIFICATE", "false"), ("DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE", "1"),
                ("UseSharedCompilation", "false"), ("MSBUILDDISABLENODEREUSE", "1"), ("FOVEA_MIRROR", "http://127.0.0.1:1"),
            ];
        }
    }

    [GeneratedRegex(@"^```(?<language>\w+)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("^#{2,3} ", RegexOptions.Multiline)]
    private static partial Regex NextSection();

    [GeneratedRegex("^(dotnet run|curl) ")]
    private static partial Regex StartsOrCalls();

    [GeneratedRegex(@"\s+#\s.*$")]
    private static partial Regex Remark();
}
