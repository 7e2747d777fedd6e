namespace CcBt.Core.Storage;

/// <summary>Deletes directories that lost their last file.</summary>
internal static class DirectoryRemover
{
    /// <summary>Deletes the directories of these files, deepest first, as far as they are empty; the root stays.</summary>
    public static void RemoveEmpty(IDisk disk, IEnumerable<DiskPath> files)
    {
        var directories = new HashSet<DiskPath>();
        foreach (DiskPath file in files)
        {
            for (DiskPath at = file.Parent; !at.IsRoot && directories.Add(at);)
                at = at.Parent;
        }
        foreach (DiskPath directory in directories.OrderByDescending(d => d.Relative.Count(c => c == '/')))
        {
            try
            {
                disk.TryDeleteDirectory(directory);
            }
            catch (Exception error) when (StorageErrors.IsFileError(error))
            {
                // An empty directory that stays behind harms nobody.
            }
        }
    }
}
