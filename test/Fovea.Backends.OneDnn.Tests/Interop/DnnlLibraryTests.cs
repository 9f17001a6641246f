using Fovea.Backends.OneDnn.Interop;
using Fovea.Execution;

namespace Fovea.Backends.OneDnn.Tests.Interop;

public sealed class DnnlLibraryTests
{
    [Fact]
    public void A_missing_library_is_reported_with_all_that_was_tried_and_how_to_install_it()
    {
        var error = Assert.Throws<NativeException>(() => DnnlLibrary.Open(["/nowhere/libdnnl.so.3", "libdnnl.so.nine"], major: null));
        var lines = error.Message.Split('\n');
        Assert.Equal("oneDNN 2.6 or later is needed and was not found. Tried:", lines[0]);
        Assert.StartsWith("  /nowhere/libdnnl.so.3: cannot open shared object file", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("  libdnnl.so.nine: cannot open shared object file", lines[2], StringComparison.Ordinal);
        Assert.Equal(
            "Install it (Debian 12: apt-get install libdnnl2; Debian 13: apt-get install libdnnl3.6), or set DNNL_PATH to the library's file.",
            lines[3]);
    }

    [Fact]
    public void A_file_that_is_no_library_is_reported_as_such()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var file = Path.Combine(folder.FullName, "libdnnl.so.3");
            File.WriteAllText(file, new string('x', 4096));
            var error = Assert.Throws<NativeException>(() => DnnlLibrary.Open([file], major: null));
            Assert.Contains($"  {file}: invalid ELF header", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Another_library_is_refused()
    {
        var error = Assert.Throws<NativeException>(() => DnnlLibrary.Open(["libm.so.6"], major: null));
        Assert.Contains("  libm.so.6: is not oneDNN: it has no dnnl_version", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_major_version_than_the_forced_one_is_refused()
    {
        var library = DnnlLibrary.Current;
        var other = library.Version.Major == 2 ? 3 : 2;
        var error = Assert.Throws<NativeException>(() => DnnlLibrary.Open([library.Path], other));
        Assert.Contains($"  {library.Path}: is oneDNN {library.Version}; FOVEA_DNNL_MAJOR asks for {other}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_given_path_is_tried_alone()
    {
        Assert.Equal(["/opt/my/libdnnl.so"], DnnlLibrary.Candidates("/opt/my/libdnnl.so", "/app", major: null));
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            Assert.All(
                DnnlLibrary.Candidates(folder.FullName, "/app", major: null), name => Assert.StartsWith(folder.FullName, name, StringComparison.Ordinal));
        }
        finally
        {
            folder.Delete();
        }
    }

    [Fact]
    public void The_programs_folder_comes_first_then_3_before_2_then_the_plain_name()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var own = Path.Combine(folder.FullName, "libdnnl.so.2");
            File.WriteAllText(own, "");
            var names = DnnlLibrary.Candidates(path: null, folder.FullName, major: null).ToList();
            Assert.Equal(own, names[0]);
            Assert.Equal("libdnnl.so.3", names[1]);
            Assert.True(names.IndexOf("libdnnl.so.2") > 1);
            Assert.Equal("libdnnl.so", names[^1]);
            Assert.DoesNotContain("libdnnl.so.3", DnnlLibrary.Candidates(path: null, "/app", major: 2));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void The_loaded_library_reports_its_file_version_and_threads()
    {
        var library = DnnlLibrary.Current;
        Assert.True(File.Exists(library.Path), library.Path);
        Assert.Contains("dnnl", library.Path, StringComparison.Ordinal);
        Assert.Contains(library.Version.Major, new[] { 2, 3 });
        var set = Environment.GetEnvironmentVariable("OMP_NUM_THREADS");
        if (string.IsNullOrEmpty(set)) Assert.Equal(Environment.ProcessorCount, library.Threads);
    }
}
